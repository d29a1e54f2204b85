// Which addresses are public, in every way of writing them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMetadataAddress, isPublicAddress, networkOf } from './internet-address.ts'

const PUBLIC = `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
  172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
  2606:4700::1111 2a00:1450:4001::8a 2001:4860:4860::8888 2400:cb00::1 64:ff9b::8.8.8.8 64:ff9b::808:808`

const CLOSED = `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254
  169.254.169.254 169.254.0.1 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255
  198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
  :: ::1 0:0:0:0:0:0:0:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:7f00:1 0:0:0:0:0:ffff:a00:1 ::127.0.0.1 ::8.8.8.8
  64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378::1 2001:10::1 2001:20::1 2001:db8::1
  2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff0e::1
  localhost example.org 0x7f.1 127.1 2130706433 [::1] 1.1.1.1.1 1.1.1.256`

test('open addresses are public', () => {
  for (const address of PUBLIC.split(/\s+/)) assert.equal(isPublicAddress(address), true, address)
})

test('private, reserved, wrapped and malformed addresses are not', () => {
  for (const address of CLOSED.split(/\s+/)) assert.equal(isPublicAddress(address), false, address)
  assert.equal(isPublicAddress(''), false)
})

test('addresses are counted by their network', () => {
  assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0')
  assert.equal(networkOf('2001:0db8:0:0:1::'), '2001:db8:0:0')
  assert.equal(networkOf('2001:DB8:0:0:ffff:1:2:3'), '2001:db8:0:0')
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0')
  assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:2::1'))
  assert.equal(networkOf('junk:junk'), 'junk:junk')
})

test('addresses where machines keep their own keys are known in every way of writing them; private ones beside them are not', () => {
  for (const address of '169.254.169.254 169.254.0.1 168.63.129.16 100.100.100.200 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe 64:ff9b::a9fe:a9fe fe80::1 fe80::1%eth0 febf::1 fd00:ec2::254'.split(
    ' ',
  ))
    assert.equal(isMetadataAddress(address), true, address)
  for (const address of '127.0.0.1 10.0.0.1 192.168.1.9 172.16.0.1 100.64.0.1 8.8.8.8 ::1 fd00::9 fc00::1 ::ffff:10.0.0.1 2606:4700::1 minio.lan'.split(
    ' ',
  ))
    assert.equal(isMetadataAddress(address), false, address)
})
